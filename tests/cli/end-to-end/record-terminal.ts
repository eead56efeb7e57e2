import { scripts, scriptFailed } from "../../support/aws/code-deploy-double";
import { openSite } from "./site";

// Prints what README shows of `deploy`: run by hand, in real time, with `node --import tsx tests/cli/end-to-end/record-terminal.ts`.
await using site = await openSite({ stack: "prod", instances: 4, codeDeploy: { eventsPerPoll: 3 } }, { quick: false });

await show("deploy", "prod");
site.demo.codeDeploy.next(scripts.fails({
    event: "ValidateService",
    diagnostics: {
        ...scriptFailed("ValidateService", ["Error: connect ECONNREFUSED 10.0.3.7:5432", "/health answered 503 instead of 200 for 60 s."]),
        scriptName: "scripts/validate.sh",
        message: "Script at specified location: scripts/validate.sh run as user root failed with exit code 1",
    },
}));
await show("deploy", "prod", "--image", await site.pushImage());
await show("status", "prod");
await show("rollback", "prod");
await show("history", "prod");

async function show(...words: readonly string[]): Promise<void> {
    process.stdout.write(`$ ./gapless ${words.join(" ")}\n`);
    const { all, exitCode } = await site.shell.start(...words);
    process.stdout.write(`${all}\n$ echo $?\n${exitCode ?? "none"}\n\n`);
}
