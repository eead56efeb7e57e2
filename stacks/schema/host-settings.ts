import { defaults } from "../../release/rollout";
import { abouts, flag, instanceType, isInstanceType, listOf, schedules, text, timeZone, whole } from "./kinds";

export const hostSettings = {
    instanceType: instanceType().default("t3.small").register(abouts, {
        text: "EC2 instance type. It also decides the processor architecture that the image is built for.",
    }),
    amiId: text(/^ami-[0-9a-f]{8,17}$/, "ami- and 8 to 17 hexadecimal digits").optional().register(abouts, {
        text: "A machine image of your own, based on Amazon Linux 2023. Without it hosts boot the latest Amazon Linux 2023.",
        example: "ami-0123456789abcdef0",
    }),
    alternativeInstanceTypes: listOf(isInstanceType, "EC2 instance types", 39).default([]).register(abouts, {
        text: "Further instance types that the fleet may take when the first is not to be had, of the same architecture and at least its size.",
        example: ["t3a.small"],
    }),
    spot: flag().default(false).register(abouts, {
        text: "Takes spare machines of AWS at a fraction of the price, which AWS takes back within two minutes: for dev only.",
    }),
    minSize: whole(1, 1000).default(defaults.minSize).register(abouts, {
        unit: "hosts", text: "Least number of hosts; of a tagged fleet, their number. Even numbers make even halves.",
    }),
    maxSize: whole(1, 1000).default(defaults.maxSize).register(abouts, {
        unit: "hosts", text: "Largest number of hosts that load may grow the fleet to.",
    }),
    rootVolumeGiB: whole(8, 16384).default(20).register(abouts, {
        unit: "GiB", text: "Size of a host's encrypted root volume: two images, their layers and the logs.",
    }),
    swapGiB: whole(0, 64).default(1).register(abouts, {
        unit: "GiB", text: "Swap file of a host; 0 for none.",
    }),
    containersUseInstanceRole: flag().default(false).register(abouts, {
        text: "Lets the container call AWS with the instance's role (metadata hop limit 2 instead of 1). It then has all that the role may do.",
    }),
    requestsPerTarget: whole(1, 1_000_000).default(1000).register(abouts, {
        unit: "requests per minute", text: "Load per host that scaling holds. A rollout serves with half of the hosts, so stay below half of what one can do. "
            + "Each wave doubles the load of the hosts that serve: a group near this number grows during a slow rollout.",
    }),
    cpuPercent: whole(10, 90).optional().register(abouts, {
        unit: "percent", text: "CPU of the fleet that scaling holds, too, beside requests per host.",
        example: 50,
    }),
    schedules: schedules().default({}).register(abouts, {
        text: "Other sizes from certain times on, such as more hosts by day. A minSize and maxSize of 0 turns the fleet off; not in prod, and another schedule must turn it on again.",
        example: { off: { recurrence: "0 19 * * MON-FRI", minSize: 0, maxSize: 0 }, on: { recurrence: "0 7 * * MON-FRI", minSize: 2, maxSize: 2 } },
    }),
    scheduleTimeZone: timeZone().default("Etc/UTC").register(abouts, {
        text: "Time zone of the schedules.",
    }),
};
