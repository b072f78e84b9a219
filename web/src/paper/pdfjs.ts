// pdf.js, fetched when the first PDF is opened. What it reads is anybody's: it runs no scripts of a document, draws annotations as they
// look and makes no links of them, and fetches nothing but its own files from this server.
import type * as Library from 'pdfjs-dist';
import type { PDFDocumentLoadingTask, PDFDocumentProxy } from 'pdfjs-dist';

// Its folder beside this script; the build knows the version (tools/pdfjs.ts).
declare const __PDFJS__: string;

// Pixels of one picture in a document: more is not drawn.
const PICTURE_MAX = 100_000_000;

/** Why it is not shown: a password, not a whole PDF, or this browser cannot. */
export type PdfFailure = 'locked' | 'broken' | 'unable';

export interface Pdf {
    library: typeof Library;
    document: PDFDocumentProxy;
}

let fetched: Promise<typeof Library> | null = null;

function place(): URL {
    const folder = __PDFJS__;
    return new URL(folder, import.meta.url);
}

async function fetchLibrary(): Promise<typeof Library> {
    const library = (await import(/* @vite-ignore */ new URL('pdf.js', place()).href)) as typeof Library;
    library.GlobalWorkerOptions.workerSrc = new URL('pdf.worker.js', place()).href;
    library.GlobalWorkerOptions.rendererSrc = new URL('pdf.renderer.js', place()).href;
    return library;
}

function library(): Promise<typeof Library> {
    fetched ??= fetchLibrary().catch((error: unknown) => {
        fetched = null; // the next that is opened tries again
        throw error;
    });
    return fetched;
}

function failureOf(error: unknown): PdfFailure {
    const name = error instanceof Error ? error.name : '';
    if (name === 'PasswordException') {
        return 'locked';
    }
    return name === 'InvalidPDFException' || name === 'FormatError' ? 'broken' : 'unable';
}

/** Opens a PDF in a worker of its own. What is given back ends it, at any time; nothing is told after that. */
export function openPdf(
    contents: Blob,
    told: { open: (pdf: Pdf) => void; failed: (why: PdfFailure) => void },
): () => void {
    let task: PDFDocumentLoadingTask | null = null;
    let over = false;
    const open = async () => {
        const [loaded, data] = await Promise.all([library(), contents.arrayBuffer()]);
        if (over) {
            return;
        }
        const folder = place().href;
        task = loaded.getDocument({
            data: new Uint8Array(data),
            cMapUrl: `${folder}cmaps/`,
            standardFontDataUrl: `${folder}standard_fonts/`,
            wasmUrl: `${folder}wasm/`,
            useWasm: false,
            enableXfa: false,
            maxImageSize: PICTURE_MAX,
            verbosity: loaded.VerbosityLevel.ERRORS,
        });
        const document = await task.promise;
        if (!over) {
            told.open({ library: loaded, document });
        }
    };
    open().catch((error: unknown) => {
        if (!over) {
            told.failed(failureOf(error));
        }
    });
    return () => {
        over = true;
        task?.destroy().catch(() => {});
    };
}
