import { abouts, flag, listOf, oneOf, text, whole } from "./kinds";

const subnets = () => listOf(id => /^subnet-[0-9a-f]{8,17}$/.test(id), "ids of subnets (subnet- and 8 to 17 hexadecimal digits)");

export const networkSettings = {
    vpcCidr: text(
        /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\/(?:1[6-9]|2[0-2])$/,
        "an IPv4 range of size /16 to /22, such as 10.0.0.0/16",
    ).default("10.0.0.0/16").register(abouts, { text: "Address range of the network. Changing it replaces the network." }),
    availabilityZones: whole(2, 4).default(2).register(abouts, {
        unit: "zones", text: "Zones that hosts and load balancer are spread over; the load balancer needs two.",
    }),
    natGateways: oneOf("none", "single", "onePerAz").default("none").register(abouts, {
        text: "How hosts reach the internet: `none` puts them into public subnets with public addresses and a closed security group, which is for dev alone, "
            + "the others into private subnets behind one NAT gateway, or one in each zone.",
    }),
    interfaceEndpoints: flag().default(false).register(abouts, {
        text: "Hosts in private subnets reach the AWS services that they need through endpoints, and without NAT nothing else. In an existing network it says that its owner has made them.",
    }),
    vpcId: text(/^vpc-[0-9a-f]{8,17}$/, "vpc- and 8 to 17 hexadecimal digits").optional().register(abouts, {
        text: "A network that exists already, with `publicSubnetIds` and `hostSubnetIds`; routes and endpoints of its own are its owner's.",
        example: "vpc-0123456789abcdef0",
    }),
    publicSubnetIds: subnets().default([]).register(abouts, {
        text: "Subnets of the load balancer in that network, each in another zone.",
        example: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    }),
    hostSubnetIds: subnets().default([]).register(abouts, {
        text: "Subnets of the hosts in that network, in zones that the load balancer is in, with a way to the internet.",
        example: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
    }),
    flowLogs: flag().default(false).register(abouts, {
        text: "Writes who talked to whom in the network into CloudWatch.",
    }),
};
