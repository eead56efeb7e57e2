// Preloaded, it lets the time that a program waits for pass a hundred times as fast; time-outs that cut something off stay.
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers/promises";

const wait = timers.setTimeout;
timers.setTimeout = (milliseconds, ...more) => wait(milliseconds / 100, ...more);
syncBuiltinESMExports();
