import assert from "node:assert/strict";
import { agent, completion, Instance, reported } from "./instance";

describe("the disk metric", () => {
    it("is one for the whole fleet", () => {
        using instance = new Instance();
        const { calls } = instance.boot();
        const config = "opt/aws/amazon-cloudwatch-agent/etc/gapless.json";
        assert.ok(calls.includes(`amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:${instance.folder}/${config}`));
        assert.deepEqual(JSON.parse(instance.read(config)), {
            agent: { metrics_collection_interval: 60, run_as_user: "cwagent" },
            metrics: {
                namespace: "Gapless",
                aggregation_dimensions: [["Fleet"]],
                metrics_collected: {
                    disk: {
                        resources: ["/"], measurement: ["used_percent"], drop_device: true,
                        append_dimensions: { Fleet: "shop-dev-web" }, drop_original_metrics: ["disk_used_percent"],
                    },
                },
            },
        });
    });

    it("is not sent by an instance that belongs to no fleet", () => {
        using instance = new Instance();
        const { code, calls } = instance.boot({ GAPLESS_FLEET: "" });
        assert.equal(code, 0);
        assert.deepEqual(calls.filter(call => call.startsWith("amazon-cloudwatch-agent-ctl")), []);
    });

    const failures: { trouble: string; arrange: (instance: Instance) => void; says: RegExp }[] = [
        {
            trouble: "cannot be installed",
            arrange: instance => { instance.stub("dnf", `[[ $* != *cloudwatch* ]] || exit 1; case "$*" in *.rpm) echo ${agent} >"$HOST/agent" ;; esac`); },
            says: /^gapless: CloudWatch's agent cannot be installed: no disk metric$/m,
        },
        {
            trouble: "does not start",
            arrange: instance => { instance.stub("amazon-cloudwatch-agent-ctl", "exit 1"); },
            says: /^gapless: CloudWatch's agent does not start: no disk metric$/m,
        },
    ];
    for (const { trouble, arrange, says } of failures) {
        it(`keeps no instance from serving when its agent ${trouble}`, () => {
            using instance = new Instance();
            arrange(instance);
            const run = instance.boot();
            assert.equal(run.code, 0, run.output);
            assert.match(run.output, says);
            assert.ok(run.calls.includes("systemctl start codedeploy-agent"));
            assert.deepEqual(reported(run), [completion("CONTINUE")]);
            assert.equal(instance.clockSeconds, 0, "and delays none");
        });
    }
});
