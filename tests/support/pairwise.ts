export type Dimensions = Readonly<Record<string, readonly string[]>>;
export type Combination = Readonly<Record<string, string>>;

/**
 * Few combinations in which each value of a dimension meets each value of every other one: most faults of combined settings need
 * two of them. Greedy, always the same for the same dimensions.
 */
export function pairwise(dimensions: Dimensions): readonly Combination[] {
    const open = new Set(pairsOf(dimensions));
    const combinations: Combination[] = [];
    for (const first of open) {
        const combination = extend(pairValues(first), dimensions, open);
        for (const pair of pairsIn(combination)) open.delete(pair);
        combinations.push(combination);
    }
    return combinations;
}

/** Every pair of values that some combination must hold. */
export function pairsOf(dimensions: Dimensions): readonly string[] {
    const names = Object.keys(dimensions);
    return names.flatMap((one, index) => names.slice(index + 1).flatMap(other =>
        (dimensions[one] ?? []).flatMap(value => (dimensions[other] ?? []).map(next => pairOf({ [one]: value, [other]: next })))));
}

/** The pairs that a combination holds. */
export function pairsIn(combination: Combination): readonly string[] {
    return pairsOf(Object.fromEntries(Object.entries(combination).map(([name, value]) => [name, [value]])));
}

/** For each further dimension the value that covers most of what is open. */
function extend(start: Combination, dimensions: Dimensions, open: ReadonlySet<string>): Combination {
    return Object.entries(dimensions).reduce((combination, [name, values]) => {
        if (name in combination) return combination;
        const gain = (value: string) => pairsIn(inOrder({ ...combination, [name]: value }, dimensions)).filter(pair => open.has(pair)).length;
        const best = [...values].sort((a, b) => gain(b) - gain(a))[0] ?? "";
        return inOrder({ ...combination, [name]: best }, dimensions);
    }, start);
}

function inOrder(combination: Combination, dimensions: Dimensions): Combination {
    return Object.fromEntries(Object.keys(dimensions).flatMap(name => (name in combination ? [[name, combination[name] ?? ""]] : [])));
}

function pairOf(values: Combination): string {
    return JSON.stringify(values);
}

function pairValues(pair: string): Combination {
    return JSON.parse(pair) as Combination;
}
