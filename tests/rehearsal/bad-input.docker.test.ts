import assert from "node:assert/strict";
import { chmod } from "node:fs/promises";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { ProjectCopy } from "../support/project-copy";
import { leftBehind, startRehearsal, startRehearsalIn } from "../support/rehearse";

describe("rehearsal of something that cannot work", () => {
    it("shows the last lines of a Dockerfile that does not build", async () => {
        await using project = await ProjectCopy.make();
        await project.change("app/Dockerfile.dev", "CMD ", 'RUN ["node", "--eval", "console.log(6 * 7); process.exit(3)"]\nCMD ');
        const { exitCode, stderr, stdout } = await startRehearsalIn(project.folder);
        assert.equal(exitCode, 1);
        assert.match(stderr, /app\/Dockerfile\.dev does not build[\s\S]*42/);
        assert.equal(stdout, "");
        assert.deepEqual(await leftBehind(), []);
    });

    it("says that an app which never listens did not start, and why", async () => {
        await using project = await ProjectCopy.make();
        await project.change("app/server.js", "server.listen(settings.port,", "server.listen(9999,");
        const { exitCode, stderr } = await startRehearsalIn(project.folder, "--instances", "2");
        assert.equal(exitCode, 1);
        assert.match(stderr, /Version 1 does not start[\s\S]*ValidateService failed on i-\d/);
        assert.deepEqual(await leftBehind(), []);
    });

    it("refuses a hook that is not executable, by name", async () => {
        await using project = await ProjectCopy.make();
        await chmod(join(project.folder, "app-scripts/scripts/run.sh"), 0o644);
        const { exitCode, stderr } = await startRehearsalIn(project.folder);
        assert.equal(exitCode, 2);
        assert.match(stderr, /run\.sh[\s\S]*executable/);
        assert.deepEqual(await leftBehind(), []);
    });

    it("refuses a port that is taken before it begins anything", async () => {
        const server = createServer().listen(0, "127.0.0.1");
        await once(server, "listening");
        const { port } = server.address() as { readonly port: number };
        const { exitCode, stderr } = await startRehearsal("--port", String(port));
        server.close();
        assert.equal(exitCode, 2);
        assert.match(stderr, new RegExp(`port ${port}[\\s\\S]*--port`));
    });
});
