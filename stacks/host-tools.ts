import type { ComposeBinary } from "../components/autoscaled-service";

/** Docker compose of the hosts: Amazon Linux 2023 has no package of it. The sums are those of the release's checksums.txt. */
export const compose: ComposeBinary = {
    version: "2.40.3",
    url: "https://github.com/docker/compose/releases/download/v2.40.3/docker-compose-linux-{arch}",
    sha256: {
        x86_64: "dba9d98e1ba5bfe11d88c99b9bd32fc4a0624a30fafe68eea34d61a3e42fd372",
        aarch64: "d26373b19e89160546d15407516cc59f453030d9bc5b43ba7faf16f7b4980137",
    },
};

/** CodeDeploy agent of the hosts. */
export const codeDeployAgentVersion = "1.8.1-26";
