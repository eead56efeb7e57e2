import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { readHostTools } from "../../stacks/host-tools";

describe("the hosts' tools", () => {
    it("are pinned, each with its version, address and checksum for both architectures", () => {
        const { compose, codeDeployAgentVersion } = readHostTools("app-scripts/versions.json");
        assert.match(codeDeployAgentVersion, /^1\.\d+\.\d+-\d+$/);
        for (const architecture of ["x86_64", "aarch64"] as const) {
            assert.match(compose.sha256[architecture], /^[0-9a-f]{64}$/);
            assert.equal(
                compose.url[architecture],
                `https://github.com/docker/compose/releases/download/v${compose.version}/docker-compose-linux-${architecture}`,
            );
        }
    });
});
