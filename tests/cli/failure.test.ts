import assert from "node:assert/strict";
import { BundleError } from "../../cli/commands/bundle";
import { exitCodeOf, explain } from "../../cli/failure";
import { RecipeError } from "../../cli/commands/recipe";
import { BusyPortError } from "../../rehearsal/balancer/free-port";
import { CleanUpError } from "../../rehearsal/cleanup/run";
import { MissingProgramError } from "../../rehearsal/docker/packages";
import { DaemonInUseError } from "../../rehearsal/docker/private-daemon";
import { PlanError } from "../../rehearsal/plan";
import { ProgramError } from "../../rehearsal/program/program-error";
import { RehearsalError } from "../../rehearsal/rehearse";
import { ImageBuildError } from "../../rehearsal/release/image-build";
import { RouteError } from "../../rehearsal/try-routes";

const running = new AbortController().signal;

describe("exit code of a failure", () => {
    for (const [error, code] of [
        [new PlanError("one instance"), 2],
        [new BusyPortError("port 80"), 2],
        [new RouteError("404"), 2],
        [new BundleError("no image"), 2],
        [new RecipeError("encrypted"), 2],
        [new ProgramError("wrong settings", 2), 2],
        [new ProgramError("a bug in the program", 1), 1],
        [new DaemonInUseError("process 7"), 4],
        [new RehearsalError("version 1 does not start"), 1],
        [new ImageBuildError("does not build"), 1],
        [new MissingProgramError("no Docker"), 1],
        [new Error("unforeseen"), 1],
    ] as const) {
        it(`is ${code} for ${error.name}: ${error.message}`, () => { assert.equal(exitCodeOf(error, running), code); });
    }

    const failedCleanUp = (first: Error): Error =>
        Object.assign(new Error(), { name: "SuppressedError", suppressed: first, error: new CleanUpError("a container is left") });

    it("is that of the first failure when the clean-up fails, too", () => {
        assert.equal(exitCodeOf(failedCleanUp(new DaemonInUseError("process 7")), running), 4);
    });

    it("is 1 when an interrupted command could not clean up", () => {
        assert.equal(exitCodeOf(failedCleanUp(new Error("killed")), AbortSignal.abort()), 1);
        assert.equal(exitCodeOf(new CleanUpError("a container is left"), AbortSignal.abort()), 1);
    });

    it("is 130 for whatever an interrupted command fails with", () => {
        assert.equal(exitCodeOf(new Error("killed"), AbortSignal.abort()), 130);
    });
});

describe("explanation of a failure", () => {
    it("is the message alone when the failure was foreseen", () => {
        assert.equal(explain(new PlanError("one instance")), "one instance");
    });

    it("keeps the stack of an unforeseen one, because it is all there is", () => {
        assert.match(explain(new TypeError("x is undefined")), /x is undefined\n +at /);
    });

    it("tells both when the clean-up fails after a failure", () => {
        const both = Object.assign(new Error(), { name: "SuppressedError", error: new Error("clean-up"), suppressed: new PlanError("one instance") });
        assert.match(explain(both), /one instance[\s\S]*clean-up/);
    });
});
