/** Pictures of a result: what a program imports as `copytax/plots`. Loads a plotting library, which takes longest. */

export { type Plot, plots } from './plots.js';
