import assert from "node:assert/strict";
import { rollCommand, type RollWords } from "../../../cli/commands/roll";
import { StageJournal } from "../../../release/aws/stage-journal";
import { openStored, versions } from "../../support/aws/stored-releases";
import type { TestContext } from "../../support/aws/command-context";
import type { ExitCode } from "../../../cli/exit-code";

export type Site = Awaited<ReturnType<typeof openStored>>;

/** A stage of two colours, of which blue serves release `a`. */
export const open = () => openStored({ blueGreen: { warmSeconds: 1800 }, serves: versions.a });

export async function run(site: Site, command: (context: TestContext) => Promise<ExitCode>, prepare: (context: TestContext) => void = () => undefined) {
    const context = site.context();
    prepare(context);
    const code = await site.demo.here(() => command(context));
    const [printed = assert.fail("nothing was printed")] = context.printed;
    return { code, text: printed.text, result: printed.result as Readonly<Record<string, unknown>>, told: context.told };
}

export const roll = (site: Site, version: string, words: Partial<RollWords> = {}, prepare?: (context: TestContext) => void) =>
    run(site, context => rollCommand("dev", version, { wait: 5, ...words }, context), prepare);
export const journalOf = async ({ s3, demo }: Site) => (await new StageJournal(s3, demo.stage.releaseBucket).read()).entries;
export const shifts = ({ demo }: Site): number => demo.door.requests.filter(request => request.includes("ModifyListener")).length;
