import assert from "node:assert/strict";
import {
    type CertificateState, covers, diagnoseAccount, diagnoseAlarms, diagnoseCertificate, diagnoseDisk, diagnoseQuota, isAtLeast,
} from "../../release/doctor";

const now = new Date("2026-01-01T00:00:00Z");
const later = (ms: number) => new Date(now.getTime() + ms);
const minute = 60_000;
const day = 24 * 60 * minute;

describe("the account", () => {
    const identity = { account: "111122223333", arn: "arn:aws:iam::111122223333:user/ann", expires: undefined };

    it("is sound where any is allowed, or this one", () => {
        assert.deepEqual(diagnoseAccount(identity, [], now), { verdict: "ok", text: identity.arn });
        assert.deepEqual(diagnoseAccount(identity, ["999", "111122223333"], now), { verdict: "ok", text: identity.arn });
    });

    it("fails when another one is allowed", () => {
        assert.deepEqual(diagnoseAccount(identity, ["444455556666"], now), {
            verdict: "fail", text: "arn:aws:iam::111122223333:user/ann is of account 111122223333, and aws:allowedAccountIds allows 444455556666",
            fix: "take credentials of account 444455556666, such as with AWS_PROFILE",
        });
    });

    it("warns of credentials that end within the hour", () => {
        assert.equal(diagnoseAccount({ ...identity, expires: later(60 * minute) }, [], now).verdict, "ok");
        assert.deepEqual(diagnoseAccount({ ...identity, expires: later(60 * minute - 1) }, [], now), {
            verdict: "warn", text: "arn:aws:iam::111122223333:user/ann, whose credentials end in 59 minutes", fix: "sign in again before a long deployment",
        });
    });
});

describe("a certificate", () => {
    const sound: CertificateState = { status: "ISSUED", names: ["shop.example.com"], expires: later(31 * day), renews: true };
    const look = (changes: Partial<CertificateState>, domain: string | undefined = "shop.example.com") => diagnoseCertificate({ ...sound, ...changes }, domain, now);

    it("is sound when it is issued, for the name, and lasts", () => {
        assert.deepEqual(look({}), { verdict: "ok", text: "shop.example.com, 31 days left" });
        assert.deepEqual(look({ expires: undefined }), { verdict: "ok", text: "shop.example.com" });
        assert.equal(diagnoseCertificate(sound, undefined, now).verdict, "ok");
    });

    it("fails when it is not issued, or has ended", () => {
        assert.deepEqual(look({ status: "PENDING_VALIDATION" }), {
            verdict: "fail", text: "the certificate of shop.example.com is not validated yet", fix: "make the DNS records that ACM asks for",
        });
        assert.deepEqual(look({ status: "REVOKED" }), {
            verdict: "fail", text: "the certificate of shop.example.com is REVOKED", fix: "request or import another one, and name it in the settings",
        });
        assert.deepEqual(look({ expires: later(-1) }), { verdict: "fail", text: "the certificate of shop.example.com has expired", fix: "name another one in the settings" });
    });

    it("fails when it is for other names", () => {
        assert.deepEqual(look({ names: ["a.example.com", "*.b.example.com"] }), {
            verdict: "fail", text: "the certificate of a.example.com, *.b.example.com is not for domainName shop.example.com",
            fix: "name a certificate for shop.example.com in the settings",
        });
    });

    it("warns in its last thirty days, of what was not renewed or has to be imported", () => {
        assert.deepEqual(look({ expires: later(30 * day) }), {
            verdict: "warn", text: "the certificate of shop.example.com expires in 30 days",
            fix: "look in ACM why it was not renewed; most often its DNS record is gone",
        });
        assert.deepEqual(look({ expires: later(day), renews: false }), {
            verdict: "warn", text: "the certificate of shop.example.com expires in 1 days", fix: "import a new one under the same ARN",
        });
    });

    it("covers one label by its wildcard, whatever the letters' case", () => {
        const cases: [string, string, boolean][] = [
            ["shop.example.com", "Shop.Example.com", true], ["*.example.com", "shop.example.com", true], ["*.example.com", "example.com", false],
            ["*.example.com", "a.shop.example.com", false], ["shop.example.com", "example.com", false], ["*.com", "com", false],
        ];
        for (const [name, host, expected] of cases) assert.equal(covers(name, host), expected, `${name} ${host}`);
    });
});

describe("a quota", () => {
    const quota = { what: "VPCs", limit: 5, usedByOthers: 4, needed: 1, link: "https://quotas" };

    it("is sound while all fit in", () => {
        assert.deepEqual(diagnoseQuota(quota), { verdict: "ok", text: "1 VPCs needed at most, 4 in use by others, 5 allowed" });
    });

    it("warns of the first that does not", () => {
        assert.deepEqual(diagnoseQuota({ ...quota, needed: 2 }), {
            verdict: "warn", text: "2 VPCs needed at most, 4 in use by others, 5 allowed", fix: "ask for more at https://quotas",
        });
    });
});

describe("the alarms of a stack", () => {
    it("are sound when they are there and do not fire, with or without data", () => {
        assert.deepEqual(diagnoseAlarms(["a", "b"], new Map([["a", "OK"], ["b", "INSUFFICIENT_DATA"]])), { verdict: "ok", text: "none of 2 fires" });
    });

    it("warn when one fires, or is gone", () => {
        assert.deepEqual(diagnoseAlarms(["a", "b"], new Map([["a", "OK"], ["b", "ALARM"]])), {
            verdict: "warn", text: "b fires, so no deployment begins", fix: "mend what it reports (docs/a-bad-day.md)",
        });
        assert.deepEqual(diagnoseAlarms(["a", "b"], new Map([["a", "OK"], ["b", "ALARM"]]), { twoColours: true }), {
            verdict: "warn", text: "b fires: what serves is bad; no roll is kept from beginning", fix: "mend what it reports (docs/a-bad-day.md)",
        });
        assert.deepEqual(diagnoseAlarms(["a", "b"], new Map([["a", "OK"]])), {
            verdict: "warn", text: "there is no alarm b", fix: "make it again with ./gapless refresh STACK and ./gapless up STACK",
        });
    });
});

describe("a disk", () => {
    const gib = 1024 ** 3;

    it("is sound with ten GiB, tight below, and too full below two", () => {
        assert.deepEqual(diagnoseDisk("/var", 10 * gib), { verdict: "ok", text: "10.0 GiB free in /var" });
        assert.deepEqual(diagnoseDisk("/var", 10 * gib - 1), { verdict: "warn", text: "10.0 GiB free in /var", fix: "make room soon, such as with docker system prune" });
        assert.equal(diagnoseDisk("/var", 2 * gib).verdict, "warn");
        assert.deepEqual(diagnoseDisk("/var", 2 * gib - 1), { verdict: "fail", text: "2.0 GiB free in /var", fix: "make room for 2 GiB, such as with docker system prune" });
    });
});

describe("a version", () => {
    it("is at least another by its first number that differs", () => {
        const cases: [string, string, boolean][] = [
            ["v20.19.0", ">=20.19", true], ["v20.18.9", ">=20.19", false], ["v22.0.0", ">=20.19", true], ["v18.99.0", ">=20.19", false], ["20.19", "20.19.1", false],
        ];
        for (const [version, least, expected] of cases) assert.equal(isAtLeast(version, least), expected, `${version} ${least}`);
    });
});
