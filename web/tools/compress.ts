import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** A file as the server sends it. */
export function packed(contents: string | Uint8Array): Uint8Array {
    return gzipSync(contents, { level: 9 });
}

// The server sends FILE.gz where it stands beside FILE: compressed once here, never for a request. Fonts are compressed already.
export function compress(): Plugin {
    const walk = (folder: string): void => {
        for (const name of readdirSync(folder)) {
            const path = join(folder, name);
            if (statSync(path).isDirectory()) {
                walk(path);
            } else if (/\.(js|css|html|svg|json)$/.test(name)) {
                const small = packed(readFileSync(path));
                if (small.length < statSync(path).size) {
                    writeFileSync(`${path}.gz`, small);
                }
            }
        }
    };
    return { name: 'compress', apply: 'build', writeBundle: ({ dir }) => walk(dir ?? 'dist') };
}
