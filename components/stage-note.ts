import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { after } from "./after";
import { check } from "./check";

export type StageNoteArgs = {
    /** Full name of the parameter, such as `/gapless/shop/prod/stage`: whoever looks for it knows nothing else. */
    readonly parameterName: string;
} & Noted;

/** Nothing secret: everybody who may deploy reads it. */
type Noted =
    /** What is noted, as JSON. */
    | { readonly value: pulumi.Input<object> }
    /** Text with which the note begins: from then on deployments change it, and Pulumi does not. */
    | { readonly firstText: string };

/** Tells command lines, which have neither Pulumi nor its state, what the stack has made. */
export class StageNote extends pulumi.ComponentResource {
    readonly parameterName: pulumi.Output<string>;
    readonly parameter: aws.ssm.Parameter;

    constructor(name: string, args: StageNoteArgs, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:StageNote", name, args, opts);
        const { parameterName } = args;
        check(this, `StageNote '${name}'`, [
            !/^(?:\/[\w.-]+)+$/.test(parameterName) && `parameterName must be a path of letters, digits and _.-, got '${parameterName}'`,
        ]);
        this.parameter = new aws.ssm.Parameter(`${name}-parameter`, {
            name: parameterName,
            type: "String",
            // Above 4,096 characters, which it takes 100 instance ids to come to, AWS makes an advanced one of it.
            tier: "Intelligent-Tiering",
            value: "value" in args ? pulumi.jsonStringify(args.value) : args.firstText,
        }, { parent: this, dependsOn: after(opts), ignoreChanges: "value" in args ? [] : ["value"] });
        this.parameterName = this.parameter.name;
        this.registerOutputs({ parameterName: this.parameterName, parameter: this.parameter });
    }
}
