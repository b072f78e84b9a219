// Where on its host the server stands: '' or '/sub', as the page that it sent says.

/** From what stands in the page: './' (nobody has put it in its place) or '/sub/'. */
export function baseFrom(content: string | null | undefined): string {
    return content?.startsWith('/') ? content.replace(/\/+$/, '') : '';
}

/** Goes in front of every path of ours. */
export const base = baseFrom(
    globalThis.document?.querySelector('meta[name="plenary-base"]')?.getAttribute('content'),
);

/** The part of an address that the router knows. */
export function pathWithin(path: string, within = base): string {
    return within !== '' && (path === within || path.startsWith(`${within}/`))
        ? path.slice(within.length) || '/'
        : path;
}
