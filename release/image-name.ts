/** A reference as `docker image ls` knows it: without the address of Docker Hub, or its own namespace there. */
export function familiarName(reference: string): string {
    return reference.replace(/^(?:index\.)?docker\.io\/(?:library\/)?/, "");
}
