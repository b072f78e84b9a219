// The styles come inside the scripts: a file of their own would cost a far reader one round trip more before the first screen. Each part
// brings those that lie beside it, when its script is loaded, after those of the parts that it is made of.

import shared from './index.css?inline';

const adopted: string[] = [];
// The page's own document, and those of the windows that hold a part of it.
const documents = new Set<Document>();

function give(page: Document, styles: string): void {
    const sheet = new (page.defaultView ?? window).CSSStyleSheet();
    sheet.replaceSync(styles);
    page.adoptedStyleSheets.push(sheet);
}

export function adopt(styles: string): void {
    adopted.push(styles);
    for (const page of documents) {
        give(page, styles);
    }
}

/** Gives another document the page's styles, those that come later too, until what is returned is called. */
export function shareStyles(page: Document): () => void {
    documents.add(page);
    for (const styles of adopted) {
        give(page, styles);
    }
    return () => documents.delete(page);
}

shareStyles(document);
adopt(shared);
