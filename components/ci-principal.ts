import type { Conditions, Identity } from "./role";

/** Who works for the team without being a person: a user or role of AWS, or jobs that an OIDC provider of the account vouches for. */
export type CiPrincipal = { readonly arn: string } | OidcPrincipal;

export interface OidcPrincipal {
    readonly oidcProviderArn: string;
    /** The token's `sub`; `*` and `?` stand for what may differ. */
    readonly subject: string;
    /** The token's `aud`. */
    readonly audience: string;
}

/** What is wrong with a principal, for `check`. */
export function principalRules(principal: CiPrincipal): readonly (string | false)[] {
    return "arn" in principal ? [arnRule(principal)] : oidcRules(principal);
}

function arnRule({ arn }: { readonly arn: string }): string | false {
    return !/^arn:[\w-]+:iam::\d{12}:(user|role)\/[\w+=,.@/-]+$/.test(arn) && `principal must be the ARN of one user or role, got '${arn}'`;
}

function oidcRules({ oidcProviderArn, subject, audience }: OidcPrincipal): readonly (string | false)[] {
    return [
        !/^arn:[\w-]+:iam::\d{12}:oidc-provider\/\S+$/.test(oidcProviderArn) && `oidcProviderArn must be the ARN of an OIDC provider, got '${oidcProviderArn}'`,
        // GitHub, for one, vouches for everybody's repositories with the same provider.
        /^(?:[\w-]*:?[*?]|$)/.test(subject) && `subject must say whose jobs are meant before its first * or ?, got '${subject}'`,
        (audience === "" || isPattern(audience)) && `audience must be one audience, got '${audience}'`,
    ];
}

function isPattern(text: string): boolean {
    return /[*?]/.test(text);
}

/** Who takes a role for it, and what must be true then. */
export function takerOf(principal: CiPrincipal): { readonly identity: Identity; readonly when?: Conditions } {
    if ("arn" in principal) return { identity: { AWS: principal.arn } };
    const { oidcProviderArn, subject, audience } = principal;
    // IAM's keys begin with the provider's address without its scheme, which is also the end of its ARN.
    const provider = oidcProviderArn.replace(/^[^/]*\//, "");
    const [aud, sub] = [{ [`${provider}:aud`]: audience }, { [`${provider}:sub`]: subject }];
    return {
        identity: { Federated: oidcProviderArn },
        when: isPattern(subject) ? { StringEquals: aud, StringLike: sub } : { StringEquals: { ...aud, ...sub } },
    };
}
