import { InvalidArgumentError } from "commander";
import { type FaultName, faultNames } from "../../rehearsal/faults/fault-names";

/** Faults such as scale-out,green-dies. Which strategy has them is seen when the stage is known. */
export function faults(word: string): readonly FaultName[] {
    const names = word.split(",");
    const known = faultNames.filter(name => names.includes(name));
    if (known.length !== names.length) throw new InvalidArgumentError(`It must be one or several, each once, of ${faultNames.join(", ")}.`);
    return known;
}
