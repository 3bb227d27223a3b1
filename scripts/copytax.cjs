#!/usr/bin/env node
// The `copytax` command of the installed package. In old syntax on purpose: see check-node.cjs.
'use strict';

require('./check-node.cjs').check();
require('./start/enter.cjs').enter();
