// Entry of `npm run bench`, `npm test` and `npm run build`: makes what is missing, then runs the command. In old syntax
// on purpose, see check-node.cjs; everything after the check is modern.
'use strict';

require('./check-node.cjs').check();
require('./streams.cjs').guardStderr();
require('./start/command.cjs').run(process.argv[2], process.argv.slice(3));
