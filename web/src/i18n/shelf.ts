// Which words are here and which are still wanted: a language is shown when all words of the screens that are open have come in it. The
// outside is given, so that tests run it in every order.
import type { Area } from './areas.ts';
import type { Catalogue, PageLanguage } from './catalogues.ts';

export interface ShelfOutside {
    load(language: PageLanguage, area: Area): Promise<Catalogue>;
    show(language: PageLanguage, words: Catalogue): void;
    preferred(): PageLanguage;
}

export class Shelf {
    readonly #outside: ShelfOutside;
    readonly #here = new Map<PageLanguage, Map<Area, Catalogue>>();
    /** What every language that is chosen later needs at once. */
    readonly #areas = new Set<Area>(['entrance']);
    #shown: PageLanguage | null = null;
    /** The language that was asked for last. */
    #wanted: PageLanguage | null = null;

    constructor(outside: ShelfOutside) {
        this.#outside = outside;
    }

    /** Shows a language. Rejects when its words cannot be fetched; then nothing has changed. */
    async choose(language: PageLanguage): Promise<void> {
        this.#wanted = language;
        try {
            // Meanwhile a screen may have come that needs more.
            while (!this.#has(language, this.#areas)) {
                await this.#fetch([language], [...this.#areas]);
            }
        } catch (thrown) {
            if (this.#wanted === language) {
                this.#wanted = this.#shown;
            }
            throw thrown;
        }
        if (this.#wanted === language) {
            this.#show(language);
        }
    }

    /** Resolves when the words of these areas are here, in the language that is shown and in one that was chosen meanwhile. */
    async bring(areas: readonly Area[]): Promise<void> {
        for (let wanting = this.#wanting(areas); wanting.length > 0; wanting = this.#wanting(areas)) {
            await this.#fetch(wanting, areas);
        }
        for (const area of areas) {
            this.#areas.add(area);
        }
        if (this.#shown !== null) {
            this.#show(this.#shown);
        }
    }

    // The languages in which some of these words are wanted and missing.
    #wanting(areas: readonly Area[]): PageLanguage[] {
        const languages = new Set([this.#wanted ?? this.#outside.preferred(), this.#shown]);
        return [...languages].filter((one) => one !== null).filter((one) => !this.#has(one, areas));
    }

    #has(language: PageLanguage, areas: Iterable<Area>): boolean {
        const here = this.#here.get(language);
        return [...areas].every((area) => here?.has(area));
    }

    async #fetch(languages: readonly PageLanguage[], areas: readonly Area[]): Promise<void> {
        const one = async (language: PageLanguage, area: Area): Promise<void> => {
            const catalogue = await this.#outside.load(language, area);
            const here = this.#here.get(language) ?? new Map<Area, Catalogue>();
            this.#here.set(language, here.set(area, catalogue));
        };
        await Promise.all(languages.flatMap((language) => areas.map((area) => one(language, area))));
    }

    #show(language: PageLanguage): void {
        this.#shown = language;
        this.#outside.show(language, Object.assign({}, ...(this.#here.get(language)?.values() ?? [])));
    }
}
