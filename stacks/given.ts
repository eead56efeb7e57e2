/** An optional argument, absent without a value: what is `undefined` would take the place of a default. */
export function given<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
    return value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]?: Value });
}
