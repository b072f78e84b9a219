// The styles come inside the scripts: a file of their own would cost a far reader one round trip more before the first screen.

const texts: string[] = [];

/** Puts a stylesheet behind those that the page has. */
export function adopt(text: string): void {
    texts.push(text);
    dress(window, [text]);
}

/** Gives a window that this page has opened what the page wears: a sheet belongs to one document. */
export function dressWindow(made: Window): void {
    dress(made as typeof window, texts);
}

function dress(wearer: typeof window, wanted: readonly string[]): void {
    const sheets = wanted.map((text) => {
        const sheet = new wearer.CSSStyleSheet();
        sheet.replaceSync(text);
        return sheet;
    });
    wearer.document.adoptedStyleSheets = [...wearer.document.adoptedStyleSheets, ...sheets];
}
