import assert from "node:assert/strict";
import { callsOf, CiHost, digest, image, inTurn, releaseVersion } from "./ci-host";

const events = JSON.stringify([{
    lifecycleEventName: "ValidateService", status: "Failed",
    diagnostics: { scriptName: "scripts/validate.sh", errorCode: "ScriptFailed", message: "failed with exit code 1", logTail: "[stdout]first\n[stdout]not healthy\n" },
}]);

/** CodeDeploy whose deployment goes through these statuses, and an S3 and ECR in which all succeeds. */
function agent(statuses: readonly string[], more = ""): CiHost {
    const host = new CiHost();
    host.stub("aws", `case "$*" in
        ${more}
        *put-object*) printf 'v1\\t"etag-1"\\n' ;;
        *create-deployment*) echo d-1 ;;
        *deploymentInfo.status*) ${inTurn("asked", ...statuses)} ;;
        *deploymentInfo.errorInformation.message*) echo "too many instances failed" ;;
        *deploymentInfo.rollbackInfo*) echo d-2 ;;
        *list-deployment-targets*) printf 'i-1\\ti-2\\n' ;;
        *batch-get-deployment-targets*) printf '%s' '${events}' ;;
        *batch-get-image*) printf 'application/json\\t{}\\n' ;;
        *put-image*) : ;;
        *) exit 252 ;;
    esac`);
    return host;
}

const deploy = (host: CiHost, env: Record<string, string> = {}, of = image) => host.script("deploy", ["prod", of], env);

describe("direct deployment", () => {
    it("names the very bytes of the release, waits for success and keeps the image from clean-up", () => {
        using host = agent(["Created", "InProgress", "InProgress", "Succeeded"]);
        const run = deploy(host);
        assert.equal(run.code, 0, run.output);
        assert.equal(callsOf(run, "aws deploy create-deployment")[0], "aws deploy create-deployment --application-name web --deployment-group-name prod"
            + ` --s3-location bucket=releases-bucket,key=releases/${releaseVersion}.zip,bundleType=zip,version=v1,eTag=etag-1`
            + ` --description release ${releaseVersion} --query deploymentId --output text`);
        assert.deepEqual(run.output.split("\n").slice(-4), [`Deployment d-1 of release ${releaseVersion}`, "Created", "InProgress", "Succeeded"]);
        assert.match(callsOf(run, "aws ecr put-image").join(), new RegExp(`--repository-name web --image-tag deployed-${releaseVersion} --image-digest ${digest} `));
    });

    it("does not touch current.zip, which would start the pipeline as well", () => {
        using host = agent(["Succeeded"]);
        assert.doesNotMatch(deploy(host).calls.join("\n"), /current\.zip/);
    });

    it("leaves an image alone that lies elsewhere", () => {
        using host = agent(["Succeeded"]);
        const run = deploy(host, {}, `other.test/app@${digest}`);
        assert.equal(run.code, 0, run.output);
        assert.deepEqual(callsOf(run, "aws ecr"), []);
    });

    for (const status of ["Failed", "Stopped"]) {
        it(`fails when it ends as ${status}, with each failed instance's event, script, exit code and log`, () => {
            using host = agent(["InProgress", status]);
            const run = deploy(host);
            assert.equal(run.code, 1);
            const told = (instance: string) => [
                `${instance}: ValidateService failed, scripts/validate.sh, ScriptFailed, failed with exit code 1`, "    [stdout]first", "    [stdout]not healthy",
            ];
            assert.deepEqual(run.output.split("\n").slice(-9), [
                ...told("i-1"), ...told("i-2"), `The deployment ended as ${status}: too many instances failed`,
                "Rolled back by: aws deploy get-deployment --deployment-id d-2", "Look: aws deploy get-deployment --deployment-id d-1",
            ]);
            assert.match(callsOf(run, "aws deploy list-deployment-targets").join(), /--target-filters TargetStatus=Failed/);
            assert.deepEqual(callsOf(run, "aws ecr"), []);
        });
    }

    it("says nothing of instances or a rollback when there are none", () => {
        using host = agent(["Failed"], "*list-deployment-targets* | *rollbackInfo*) echo None ;;");
        assert.deepEqual(deploy(host).output.split("\n").slice(-3), [
            "Failed", "The deployment ended as Failed: too many instances failed", "Look: aws deploy get-deployment --deployment-id d-1",
        ]);
    });

    it("fails when the time is over", () => {
        using host = agent(["InProgress"], "*list-deployment-targets* | *rollbackInfo*) echo None ;;");
        const { code, output } = deploy(host, { GAPLESS_WAIT_MINUTES: "5" });
        assert.equal(code, 1);
        assert.ok(host.clockSeconds >= 300 && host.clockSeconds < 360, `${host.clockSeconds} s`);
        assert.match(output, /^It is still InProgress after 5 minutes, and goes on\.$/m);
    });

    it("fails when CodeDeploy takes no deployment, as while another one runs", () => {
        using host = agent([], "*create-deployment*) echo DeploymentLimitExceededException >&2; exit 254 ;;");
        const { code, output } = deploy(host);
        assert.notEqual(code, 0);
        assert.match(output, /DeploymentLimitExceededException$/);
    });

    it("asks for a deployment once, because a second call would be a second deployment", () => {
        using host = agent(["Succeeded"], '*create-deployment*) echo "$AWS_MAX_ATTEMPTS" >"$HOST/attempts"; echo d-1 ;; *deploymentInfo.status*) echo "$AWS_MAX_ATTEMPTS" >"$HOST/later"; echo Succeeded ;;');
        const run = deploy(host);
        assert.equal(run.code, 0, run.output);
        assert.deepEqual([host.read("attempts"), host.read("later")], ["1\n", "8\n"]);
    });

    for (const [error, isKnown] of [
        ["An error occurred (DeploymentLimitExceededException) when calling the CreateDeployment operation: one runs", true],
        ["Read timeout on endpoint URL: https://codedeploy.test/", false],
        ["An error occurred (InternalFailure) when calling the CreateDeployment operation: sorry", false],
    ] as const) {
        it(`${isKnown ? "has failed" : "may have begun, which can be looked up,"} when the answer is: ${error.slice(0, 40)}…`, () => {
            using host = agent([], `*create-deployment*) echo "${error}" >&2; exit 254 ;;`);
            const { code, output } = deploy(host);
            assert.equal(code, 1);
            const look = `Release ${releaseVersion} may be deployed all the same. Look before you try again: aws deploy list-deployments`
                + " --application-name web --deployment-group-name prod --include-only-statuses Created Queued InProgress\n";
            assert.ok(output.endsWith(`\n${isKnown ? "" : look}CodeDeploy has not taken the deployment: ${error}`), output);
            assert.equal(output.includes("may be deployed"), !isKnown);
        });
    }

    it("goes on when CodeDeploy does not say for a minute how it stands", () => {
        using host = agent(["InProgress", "Succeeded"], '*deploymentInfo.status*) if [ "$(cat "$HOST/clock")" -lt 60 ]; then echo Could not connect >&2; exit 255; else echo Succeeded; fi ;;');
        const run = deploy(host);
        assert.equal(run.code, 0, run.output);
        assert.equal(run.lastLine, "Succeeded");
    });

    it("gives up when CodeDeploy does not say it for minutes, and says that the deployment goes on and how to look", () => {
        using host = agent([], '*"deploy get-"* | *"deploy list-"*) echo Could not connect >&2; exit 255 ;;');
        const { code, output } = deploy(host);
        assert.equal(code, 1);
        assert.ok(host.clockSeconds >= 300 && host.clockSeconds < 360, `${host.clockSeconds} s`);
        assert.match(output, /CodeDeploy has not answered for 5 minutes or the time is over\. The deployment goes on\.\n(?:.*\n)*Look: aws deploy get-deployment --deployment-id d-1$/);
    });

    it("tells how to stop the deployment when the job is ended", () => {
        using host = agent(["InProgress"]);
        // The job's end comes while the script sleeps.
        host.stub("sleep", "kill -TERM $PPID");
        const { code, output } = deploy(host);
        assert.equal(code, 130);
        assert.match(output, /goes on; to stop it: aws deploy stop-deployment --deployment-id d-1 --auto-rollback-enabled$/);
    });

    for (const [name, output] of [["GAPLESS_APPLICATION", "codeDeployApplication"], ["GAPLESS_DEPLOYMENT_GROUP", "deploymentGroup"], ["GAPLESS_RELEASE_BUCKET", "releaseBucket"]] as const) {
        it(`stores nothing without ${name}`, () => {
            using host = agent([]);
            const run = deploy(host, { [name]: "" });
            assert.deepEqual([run.code, callsOf(run, "aws")], [1, []]);
            assert.equal(run.lastLine, `${name} is not set. It is the stack's output ${output}: pulumi stack output ${output}`);
        });
    }
});
