import { posix } from "node:path";

/** What the agent says of a bundle without an appspec, unpacked to this folder of the host. */
export function missingAppspec(archive: string): string {
    return `The CodeDeploy agent did not find an AppSpec file within the unpacked revision directory at revision-relative path "appspec.yml". The revision was unpacked to directory "${archive}", and the AppSpec file was expected but not found at path "${posix.join(archive, "appspec.yml")}". Consult the AWS CodeDeploy Appspec documentation for more information at http://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file.html`;
}
