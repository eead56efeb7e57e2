import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

interface Instruction {
    readonly name: string;
    readonly value: string;
}

function instructions(file: string): Instruction[] {
    return readFileSync(file, "utf8")
        .split("\n")
        .filter(line => line.trim() !== "" && !line.startsWith("#"))
        .map(line => {
            const [name = "", ...rest] = line.split(" ");
            return { name, value: rest.join(" ") };
        });
}

function lastStage(file: string): Instruction[] {
    const all = instructions(file);
    return all.slice(all.map(({ name }) => name).lastIndexOf("FROM"));
}

for (const stage of ["dev", "stg", "prod"]) {
    const file = `app/Dockerfile.${stage}`;
    const valuesOf = (name: string) => lastStage(file).filter(each => each.name === name).map(each => each.value);

    describe(file, () => {
        it("takes its base from ECR Public unless told otherwise", () => {
            assert.deepEqual(instructions(file)[0], { name: "ARG", value: "BASE_IMAGE=public.ecr.aws/docker/library/node:22-slim" });
            for (const { name, value } of instructions(file)) {
                if (name === "FROM") assert.match(value, /^\$\{BASE_IMAGE\}( AS \w+)?$/);
            }
        });

        it("ships only what an earlier stage hands over", () => {
            assert.deepEqual(valuesOf("COPY"), ["--from=build /app ./"]);
        });

        it("runs without root", () => {
            assert.deepEqual(valuesOf("USER"), ["1000:1000"]);
        });

        it("starts node without a shell, so that SIGTERM reaches it", () => {
            const [command = ""] = valuesOf("CMD");
            const words = JSON.parse(command) as string[];
            assert.equal(words[0], "node");
            assert.equal(words.at(-1), "server.js");
        });

        it("is healthy unless its build says otherwise", () => {
            assert.deepEqual(valuesOf("ARG"), ["BEHAVIOUR=healthy"]);
            assert.match(valuesOf("ENV").join(" "), /(^| )BEHAVIOUR=\$\{BEHAVIOUR\}/);
        });

        it("asks for no Dockerfile frontend, which would have to be downloaded", () => {
            assert.doesNotMatch(readFileSync(file, "utf8"), /^#\s*syntax\s*=/im);
        });
    });
}

describe("app/.dockerignore", () => {
    it("sends the build only what the image needs", () => {
        assert.equal(readFileSync("app/.dockerignore", "utf8"), "*\n!package.json\n!server.js\n");
    });
});
