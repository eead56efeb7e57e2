import { InvalidArgumentError } from "commander";
import { nearest } from "../../release/nearest";
import { type FaultName, faultNames } from "../../rehearsal/faults/fault-names";

/** Faults such as scale-out,green-dies. Which strategy has them is seen when the stage is known. */
export function faults(word: string): readonly FaultName[] {
    const names = word.split(",");
    const unknown = names.find(name => !isFault(name));
    if (unknown !== undefined) {
        const meant = nearest(unknown, faultNames);
        throw new InvalidArgumentError(`There is no fault '${unknown}'${meant === undefined ? "." : `; did you mean ${meant}?`} docs/faults.md lists all.`);
    }
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw new InvalidArgumentError(`Name each fault once; '${twice}' is there twice.`);
    return faultNames.filter(name => names.includes(name));
}

function isFault(name: string): boolean {
    return faultNames.some(known => known === name);
}
