import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** A repository at Docker Hub and an account that may push to it. */
export interface DockerHubRepository {
    /** `owner/name`. */
    readonly repository: string;
    /** Secret in Secrets Manager, `{"username": …, "password": …}`. */
    readonly secretArn: string;
}

export interface Credentials {
    readonly username: string;
    readonly password: string;
}

/** Reads an account at Docker Hub anew at every `up`. */
export function dockerHubCredentials(secretArn: string, parent: pulumi.Resource): pulumi.Output<Credentials> {
    const { secretString } = aws.secretsmanager.getSecretVersionOutput({ secretId: secretArn }, { parent });
    return pulumi.secret(secretString.apply(text => parseCredentials(text, secretArn)));
}

/** Takes a secret's text apart; an error tells nothing of it. */
export function parseCredentials(text: string, secretArn: string): Credentials {
    const { username, password } = parseObject(text);
    if (typeof username === "string" && typeof password === "string" && username !== "" && password !== "") return { username, password };
    throw new pulumi.RunError(`The secret ${secretArn} must be JSON with username and password, {"username": "…", "password": "…"}`);
}

function parseObject(text: string): Record<string, unknown> {
    try {
        return Object(JSON.parse(text)) as Record<string, unknown>;
    } catch {
        // JSON's own error quotes the text.
        return {};
    }
}
