/** Parameters of SSM, name by name. */
export interface Parameters {
    readonly names: readonly string[];
    readonly values: readonly string[];
}

/** Value of the one that is called so below the path; undefined when it is not there. */
export function valueIn(path: string, { names, values }: Parameters, name: string): string | undefined {
    return values[names.indexOf(`${path}/${name}`)];
}
