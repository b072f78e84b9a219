// What axe says against a page, and what is wider than it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface AxeResult {
    violations: { id: string; nodes: { target: string[]; failureSummary?: string }[] }[];
}

/** What axe says against a page: one line for each element. */
export async function findings(page: Page): Promise<string[]> {
    await page.evaluate(AXE);
    return page.evaluate(async (rules) => {
        const { axe } = window as unknown as { axe: { run(options: object): Promise<AxeResult> } };
        const result = await axe.run({ runOnly: rules, resultTypes: ['violations'] });
        // What is scrolled under the dock at this moment is reachable by scrolling on: its size is not what is seen of it.
        const underDock = (id: string, summary: string): boolean =>
            id === 'target-size' && summary.includes('partially obscured');
        return result.violations.flatMap((one) =>
            one.nodes
                .filter((node) => !underDock(one.id, node.failureSummary ?? ''))
                .map((node) => `${one.id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
        );
    }, RULES);
}

/** What is wider than the page, or scrolls sideways in itself (a table with its own head may). */
export async function sideways(page: Page): Promise<string[]> {
    return page.evaluate(() => {
        const wide: string[] = [];
        const root = document.documentElement;
        if (root.scrollWidth > root.clientWidth) {
            wide.push(`the page: ${root.scrollWidth} > ${root.clientWidth}`);
        }
        for (const element of document.querySelectorAll<HTMLElement>('body *')) {
            const style = getComputedStyle(element);
            const scrolls = style.overflowX === 'auto' || style.overflowX === 'scroll';
            if (scrolls && element.scrollWidth > element.clientWidth + 1 && !element.querySelector('table')) {
                wide.push(`${element.className}: ${element.scrollWidth} > ${element.clientWidth}`);
            }
        }
        return wide;
    });
}
