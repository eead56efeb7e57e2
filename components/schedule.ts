import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { isCron, isTimeZone } from "./recurrence";

/** From when on an Auto Scaling group has other sizes. It keeps them until another schedule changes them. */
export interface Schedule {
    /** Name of the schedule: letters, digits, hyphens. */
    readonly name: string;
    /** Cron of five fields such as `0 7 * * MON-FRI`. */
    readonly recurrence: string;
    /** Fewest instances from then on: the group's own `minSize` or more, or 0 together with `maxSize` to turn the fleet off. */
    readonly minSize: number;
    /** Most instances from then on. */
    readonly maxSize: number;
    /** Name in the IANA time zone database, whose summer time is followed. @default Etc/UTC */
    readonly timeZone?: string;
}

const defaultTimeZone = "Etc/UTC";

/** What is wrong with the schedules of a group that has `groupMinSize` instances at least. */
export function scheduleRules(schedules: readonly Schedule[], groupMinSize: number): readonly (string | false)[] {
    const leaves = schedules.some(turnsOff);
    return [
        ...schedules.flatMap(schedule => rulesOf(schedule, groupMinSize).map(rule => rule && `schedule '${schedule.name}': ${rule}`)),
        ...repeated(schedules.map(({ name }) => name)).map(name => `schedule '${name}' is named twice`),
        ...repeated(schedules.map(timeOf)).map(time => `Auto Scaling takes one schedule at a time, got more of '${time}'`),
        leaves && schedules.every(turnsOff) && "a schedule turns the fleet off and none brings it back",
    ];
}

function rulesOf({ name, recurrence, minSize, maxSize, timeZone = defaultTimeZone }: Schedule, groupMinSize: number): (string | false)[] {
    const sizes = [minSize, maxSize];
    return [
        !/^[A-Za-z0-9-]+$/.test(name) && "its name must be of letters, digits and hyphens",
        !isCron(recurrence) && `recurrence must be a cron of five fields such as '0 7 * * MON-FRI', got '${recurrence}'`,
        !sizes.every(size => Number.isInteger(size) && size >= 0) && `minSize and maxSize must be whole numbers from 0 on, got ${sizes.join(" and ")}`,
        minSize > maxSize && `maxSize must be minSize (${minSize}) or more, got ${maxSize}`,
        minSize < groupMinSize && maxSize !== 0 && `minSize must be the group's own (${groupMinSize}) or more, or 0 with maxSize 0 to turn the fleet off, got ${minSize}`,
        !isTimeZone(timeZone) && `timeZone must be an IANA name such as Europe/Berlin, got '${timeZone}'`,
    ];
}

function turnsOff({ maxSize }: Schedule): boolean {
    return maxSize === 0;
}

function timeOf({ recurrence, timeZone = defaultTimeZone }: Schedule): string {
    return `${recurrence} (${timeZone})`;
}

function repeated(values: readonly string[]): readonly string[] {
    return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

/** Makes the schedules of a group, which from then on own its sizes. */
export function makeSchedules(name: string, group: aws.autoscaling.Group, schedules: readonly Schedule[], parent: pulumi.Resource): void {
    for (const { name: scheduledActionName, recurrence, minSize, maxSize, timeZone = defaultTimeZone } of schedules) {
        new aws.autoscaling.Schedule(`${name}-schedule-${scheduledActionName}`, {
            autoscalingGroupName: group.name,
            scheduledActionName,
            recurrence,
            timeZone,
            minSize,
            maxSize,
            // Unchanged: Auto Scaling itself moves it between the new sizes. A number would take instances away from a busy morning.
            desiredCapacity: -1,
        }, { parent });
    }
}
