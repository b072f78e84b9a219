import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

// The server sends FILE.gz where it stands beside FILE: compressed once here, never for a request. Fonts are compressed already.
function compress(): Plugin {
    const walk = (folder: string): void => {
        for (const name of readdirSync(folder)) {
            const path = join(folder, name);
            if (statSync(path).isDirectory()) {
                walk(path);
            } else if (/\.(js|css|html|svg|json)$/.test(name)) {
                const packed = gzipSync(readFileSync(path), { level: 9 });
                if (packed.length < statSync(path).size) {
                    writeFileSync(`${path}.gz`, packed);
                }
            }
        }
    };
    return { name: 'compress', apply: 'build', closeBundle: () => walk('dist') };
}

export default defineConfig({
    base: '/',
    plugins: [compress()],
    // The server sends a strict Content-Security-Policy: no inline scripts or styles, no data: addresses.
    build: {
        outDir: 'dist',
        assetsDir: 'assets',
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        target: ['chrome105', 'firefox115', 'safari16.4'],
        sourcemap: false,
        reportCompressedSize: true,
    },
    esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
});
