import { type ECRClient, GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import { DeliveryError } from "../aws/error";
import type { Credentials } from "./authorization";

/** User and password by which Docker and registry clients get into ECR, for twelve hours. */
export async function ecrCredentials(ecr: ECRClient): Promise<Credentials> {
    const { authorizationData: [data] = [] } = await ecr.send(new GetAuthorizationTokenCommand({}));
    const [username = "", password = ""] = Buffer.from(data?.authorizationToken ?? "", "base64").toString("utf8").split(":");
    if (password === "") throw new DeliveryError("ECR gives no authorization token, so no image can be pushed.");
    return { username, password };
}
