import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { isCron, isTimeZone } from "../../components/recurrence";

describe("a recurrence", () => {
    for (const cron of ["0 7 * * MON-FRI", "0 19 * * 1-5", "*/15 8-18 * * *", "0 0 1 JAN,jul 0", "59 23 31 12 7", "0 6,18 1-31/2 * sun"]) {
        it(`may be ${cron}`, () => { assert.equal(isCron(cron), true); });
    }

    const refused = [
        "99 7 * * *", "0 24 * * *", "0 7 0 * *", "0 7 32 * *", "0 7 * 13 *", "0 7 * * 8", "0 7 * *", "0 7 * * * *", "0  7 * * *", "", "0 7 * * MON-",
        "0 7 * * FRY", "0 18-8 * * *", "0 7 * * 1-2-3", "*/0 7 * * *", "*/60 7 * * *", "0 7 * * JAN", "0 -7 * * *", "0 7 1,,2 * *", "@daily",
    ];
    for (const cron of refused) {
        it(`is not ${JSON.stringify(cron)}`, () => { assert.equal(isCron(cron), false); });
    }
});

describe("a time zone", () => {
    for (const zone of ["Europe/Berlin", "Etc/UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+5"]) {
        it(`may be ${zone}`, () => { assert.equal(isTimeZone(zone), true); });
    }
    for (const zone of ["UTC", "Europe/Atlantis", "+01:00", "+1/x", "", "Berlin"]) {
        it(`is not ${JSON.stringify(zone)}`, () => { assert.equal(isTimeZone(zone), false); });
    }
});
