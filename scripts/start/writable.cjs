'use strict';

const fs = require('node:fs');
const { StartFailure } = require('./failure.cjs');

/** Asked before anything is begun: half an install is worse than none. */
exports.requireWritable = function requireWritable(root) {
  try {
    fs.accessSync(root, fs.constants.W_OK);
  } catch (error) {
    throw new StartFailure(
      `${root} is not built yet and cannot be written (${error.code})`,
      'build it as its owner with `npm run build`, or copy it to a folder of your own; once built it runs read-only',
    );
  }
};
