/** A step as people call it, such as `shift 10 %`. */
export function describeStep({ name, percent }: { readonly name: string; readonly percent?: number | undefined }): string {
    return percent === undefined ? name : `${name} ${percent} %`;
}
