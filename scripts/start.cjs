// The one entry of `npm run bench`, `npm test` and `npm run build`: makes what is missing, then runs the command.
// Old syntax on purpose, see check-node.cjs; everything behind the check is modern.
'use strict';

require('./check-node.cjs').check();
require('./start/command.cjs').run(process.argv[2], process.argv.slice(3));
