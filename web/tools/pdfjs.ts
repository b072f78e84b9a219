import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const PACKAGE = join(import.meta.dirname, '../node_modules/pdfjs-dist');

interface Named {
    from: string;
    to: string;
}

function all(folder: string): Named[] {
    return readdirSync(join(PACKAGE, folder)).map((name) => ({
        from: `${folder}/${name}`,
        to: `${folder}/${name}`,
    }));
}

// Of three builds that are one program the ones for older browsers; without WebAssembly, which the policy does not allow.
const FILES: () => readonly Named[] = () => [
    { from: 'legacy/build/pdf.min.mjs', to: 'pdf.js' },
    { from: 'legacy/build/pdf.worker.min.mjs', to: 'pdf.worker.js' },
    { from: 'legacy/build/pdf.renderer.min.mjs', to: 'pdf.renderer.js' },
    { from: 'wasm/openjpeg_nowasm_fallback.js', to: 'wasm/openjpeg_nowasm_fallback.js' },
    { from: 'wasm/jbig2_nowasm_fallback.js', to: 'wasm/jbig2_nowasm_fallback.js' },
    { from: 'LICENSE', to: 'LICENSE' },
    ...all('cmaps'),
    ...all('standard_fonts'),
];

/** pdf.js as it comes, beside the page's scripts, in a folder that bears its version: its files find each other by their names. */
export function pdfjs(): Plugin {
    const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as {
        version: string;
    };
    const folder = `pdfjs-${version}`;
    return {
        name: 'pdfjs',
        apply: 'build',
        config: () => ({ define: { __PDFJS__: JSON.stringify(`${folder}/`) } }),
        generateBundle() {
            for (const { from, to } of FILES()) {
                this.emitFile({
                    type: 'asset',
                    fileName: `assets/${folder}/${to}`,
                    source: readFileSync(join(PACKAGE, from)),
                });
            }
        },
    };
}
