import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { openDocker } from "../../../rehearsal/docker/open-docker";
import { MissingProgramError } from "../../../rehearsal/docker/packages";

describe("finding Docker", () => {
    const { getuid } = process;
    const host = process.env["DOCKER_HOST"];

    afterEach(() => {
        if (getuid) process.getuid = getuid;
        if (host === undefined) delete process.env["DOCKER_HOST"];
        else process.env["DOCKER_HOST"] = host;
    });

    it("says what to do when no daemon answers and we may not install one", async () => {
        process.getuid = () => 1000;
        process.env["DOCKER_HOST"] = "unix:///nowhere/docker.sock";
        const announced: string[] = [];
        await assert.rejects(
            openDocker({ run: "gapless-000000", folder: tmpdir(), announce: line => announced.push(line), signal: new AbortController().signal }),
            (error: unknown) => error instanceof MissingProgramError && /no daemon answers[\s\S]*systemctl start docker/.test(error.message),
        );
        assert.deepEqual(announced, [], "nothing was installed");
    });
});
