import assert from "node:assert/strict";
import type { Schedule } from "../../components";
import { scheduleRules } from "../../components/schedule";

const off: Schedule = { name: "night", recurrence: "0 20 * * MON-FRI", minSize: 0, maxSize: 0 };
const on: Schedule = { name: "morning", recurrence: "0 7 * * MON-FRI", minSize: 2, maxSize: 4 };
const broken = (...schedules: Schedule[]) => scheduleRules(schedules, 2).filter(rule => rule !== false);

describe("scheduleRules", () => {
    const good: Record<string, Schedule[]> = {
        "nothing": [],
        "nights off": [off, on],
        "a busy morning": [{ ...on, minSize: 6, maxSize: 12 }],
        "a fixed size": [{ ...on, minSize: 2, maxSize: 2 }],
        "one time in two zones": [on, { ...on, name: "berlin", timeZone: "Europe/Berlin" }],
        "lists, steps and names": [{ ...on, recurrence: "*/15 7,19 1-5 JAN *" }],
    };
    for (const [what, schedules] of Object.entries(good)) {
        it(`takes ${what}`, () => { assert.deepEqual(broken(...schedules), []); });
    }

    const bad: Record<string, { schedules: Schedule[]; says: string[] }> = {
        "a night without a morning": { schedules: [off], says: ["a schedule turns the fleet off and none brings it back"] },
        "two nights without a morning": {
            schedules: [off, { ...off, name: "later", recurrence: "0 21 * * *" }], says: ["a schedule turns the fleet off and none brings it back"],
        },
        "fewer than the minimum": {
            schedules: [{ ...on, minSize: 1 }],
            says: ["schedule 'morning': minSize must be the group's own (2) or more, or 0 with maxSize 0 to turn the fleet off, got 1"],
        },
        "a fleet that may or may not be off": {
            schedules: [{ ...on, minSize: 0 }],
            says: ["schedule 'morning': minSize must be the group's own (2) or more, or 0 with maxSize 0 to turn the fleet off, got 0"],
        },
        "a maximum below the minimum": { schedules: [{ ...on, minSize: 5 }], says: ["schedule 'morning': maxSize must be minSize (5) or more, got 4"] },
        "parts of instances": {
            schedules: [{ ...on, minSize: 2.5 }, { ...off, minSize: -1 }],
            says: [
                "schedule 'morning': minSize and maxSize must be whole numbers from 0 on, got 2.5 and 4",
                "schedule 'night': minSize and maxSize must be whole numbers from 0 on, got -1 and 0",
            ],
        },
        "a cron of six fields": {
            schedules: [{ ...on, recurrence: "0 7 * * ? *" }],
            says: ["schedule 'morning': recurrence must be a cron of five fields such as '0 7 * * MON-FRI', got '0 7 * * ? *'"],
        },
        "a cron of four fields": {
            schedules: [{ ...on, recurrence: "0 7 * *" }],
            says: ["schedule 'morning': recurrence must be a cron of five fields such as '0 7 * * MON-FRI', got '0 7 * *'"],
        },
        "an unknown time zone": {
            schedules: [{ ...on, timeZone: "Europe/Atlantis" }], says: ["schedule 'morning': timeZone must be an IANA name such as Europe/Berlin, got 'Europe/Atlantis'"],
        },
        "an offset for a time zone": {
            schedules: [{ ...on, timeZone: "+01:00" }], says: ["schedule 'morning': timeZone must be an IANA name such as Europe/Berlin, got '+01:00'"],
        },
        "a name that is no name": { schedules: [{ ...on, name: "each day" }], says: ["schedule 'each day': its name must be of letters, digits and hyphens"] },
        "one name twice": { schedules: [on, { ...on, recurrence: "0 8 * * *" }, { ...on, recurrence: "0 9 * * *" }], says: ["schedule 'morning' is named twice"] },
        "one time twice": {
            schedules: [on, { ...on, name: "peak" }], says: ["Auto Scaling takes one schedule at a time, got more of '0 7 * * MON-FRI (Etc/UTC)'"],
        },
    };
    for (const [what, { schedules, says }] of Object.entries(bad)) {
        it(`refuses ${what}`, () => { assert.deepEqual(broken(...schedules), says); });
    }
});
