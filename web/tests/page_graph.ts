// Which modules of the page come together: what a module imports, and what that imports. What is imported by import() comes later.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export const SOURCE = join(import.meta.dirname, '../src');

/** Without comments, so that their words are not taken for the page's. */
export function code(text: string): string {
    return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');
}

/** The modules that come with one, as paths within src; types are not imported. */
export function comesWith(root: string): Set<string> {
    const found = new Set<string>();
    const visit = (path: string): void => {
        const file = join(SOURCE, path);
        if (found.has(path) || !existsSync(file)) {
            return;
        }
        found.add(path);
        const text = code(readFileSync(file, 'utf8'));
        for (const [, from] of text.matchAll(
            /^(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?'(\.[^']+\.tsx?)'/gms,
        )) {
            visit(relative(SOURCE, join(dirname(file), from ?? '')));
        }
    };
    visit(root);
    return found;
}
