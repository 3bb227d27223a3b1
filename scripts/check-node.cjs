// Runs first in every command. Written in the syntax of very old Nodes, because a file that cannot be parsed cannot
// explain itself: here an old Node prints one sentence instead of a syntax error.
'use strict';

var MAJOR = 20;
var MINOR = 19;

function supported(version) {
  var parts = version.split('.');
  var major = Number(parts[0]);
  return major > MAJOR || (major === MAJOR && Number(parts[1]) >= MINOR);
}

module.exports = {
  supported: supported,
  /** Ends the process with exit code 2 when this Node is too old. */
  check: function check() {
    var version = process.versions.node;
    if (supported(version)) return;
    console.error('copytax needs Node >= ' + MAJOR + '.' + MINOR + ', this is v' + version);
    process.exit(2);
  },
};
