/** A value that the rules of the settings let nobody leave out here. Without it a rule is lost, which is no error of the user's. */
export function required<Value>(setting: string, value: Value | undefined): Value {
    if (value === undefined) throw new Error(`${setting} is missing, and no rule has said so.`);
    return value;
}
