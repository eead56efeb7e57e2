import { Option } from "commander";
import { wholeNumber } from "./kinds";

/** @param whatFor what is waited for besides the command's own work */
export function waitOption(whatFor: string): Option {
    return new Option("--wait <minutes>", `how long to wait, also for a ${whatFor}`).argParser(wholeNumber(0, 7 * 24 * 60)).default(60);
}
