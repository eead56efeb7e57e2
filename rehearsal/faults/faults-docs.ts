import { chooseFaults } from "./catalogue";
import type { Fault } from "./fault";
import { faultNames } from "./fault-names";

type Told = Pick<Fault<never>, "name" | "onAws" | "promise">;

/** The text of docs/faults.md, made from the catalogue. */
export function renderFaultsDocs(): string {
    const [rolling, blueGreen] = [chooseFaults("all", "rolling"), chooseFaults("all", "blueGreen")] as const;
    const of = (faults: readonly Told[], name: string): Told | undefined => faults.find(fault => fault.name === name);
    const rows = faultNames.flatMap(name => {
        const [one, other] = [of(rolling, name), of(blueGreen, name)];
        if (one && other && one.onAws === other.onAws && one.promise === other.promise) return [row(one, "both")];
        return [...(one ? [row(one, "rolling")] : []), ...(other ? [row(other, "blueGreen")] : [])];
    });
    return [
        "# What may go wrong",
        "",
        "<!-- Made from rehearsal/faults/ by: node --import tsx rehearsal/faults/write-faults-docs.ts -->",
        "",
        "`./gapless rehearse --fault NAME` has one of these happen to a stage under load, `--fault NAME,NAME` several, `--faults all` all that the strategy knows. Each is checked: no request lost,",
        "or no more than arithmetic says must be, and a stack that stands as a deployment leaves it. [How](rehearsal.md#when-something-goes-wrong).",
        "",
        "| fault | strategy | on AWS | what we promise |",
        "|---|---|---|---|",
        ...rows,
        "",
    ].join("\n");
}

function row({ name, onAws, promise }: Told, strategy: string): string {
    return `| \`${name}\` | ${strategy} | ${cell(onAws)} | ${cell(promise)} |`;
}

function cell(text: string): string {
    return text.replaceAll("|", String.raw`\|`);
}
