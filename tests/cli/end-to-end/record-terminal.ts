import { scripts, scriptFailed } from "../../support/aws/code-deploy-double";
import { openSite } from "./site";

// Prints what README shows of `deploy`: run by hand, in real time, with `node --import tsx tests/cli/end-to-end/record-terminal.ts`.
await using site = await openSite({ instances: 2, codeDeploy: { eventsPerPoll: 7 } }, { quick: false });

await show("deploy", "dev");
site.demo.codeDeploy.next(scripts.fails({
    event: "ValidateService",
    diagnostics: {
        ...scriptFailed("ValidateService", ["Error: connect ECONNREFUSED 10.0.3.7:5432", "/health answered 503 instead of 200 for 60 s (000: no answer)."]),
        scriptName: "scripts/validate.sh",
        message: "Script at specified location: scripts/validate.sh run as user root failed with exit code 1",
    },
}));
await show("deploy", "dev", "--image", await site.pushImage("bad"));
await show("status", "dev");
await show("rollback", "dev");
await show("history", "dev");

async function show(...words: readonly string[]): Promise<void> {
    process.stdout.write(`$ ./gapless ${words.join(" ")}\n`);
    const { all, exitCode } = await site.shell.start(...words);
    process.stdout.write(`${all}\n$ echo $?\n${exitCode ?? "none"}\n\n`);
}
