// What the page that the server sent says of itself: where on its host the server stands, and what it came as.

/** From what stands in the page: './' (nobody has put it in its place) or '/sub/'. */
export function baseFrom(content: string | null | undefined): string {
    return content?.startsWith('/') ? content.replace(/\/+$/, '') : '';
}

function said(name: string): string | null | undefined {
    return globalThis.document?.querySelector(`meta[name="plenary-${name}"]`)?.getAttribute('content');
}

/** '' or '/sub'. Goes in front of every path of ours. */
export const base = baseFrom(said('base'));

/** The status that the page came with: 200, or why it came in the place of what the address names. */
export const cameWith = Number(said('status') ?? 200);

/** The part of an address that the router knows. */
export function pathWithin(path: string, within = base): string {
    return within !== '' && (path === within || path.startsWith(`${within}/`))
        ? path.slice(within.length) || '/'
        : path;
}
