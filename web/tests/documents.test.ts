import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Document } from '../src/contract/generated.ts';
import { documentsOf, papersOf, speechesOf } from '../src/state/documents.ts';

function paper(id: string, part: Partial<Document>): Document {
    return {
        id,
        kind: 'speech',
        title: id,
        form: 'text',
        size: 1,
        sha256: '',
        added_by: 'd1',
        added_at: 1,
        embargoed: false,
        ...part,
    };
}

test('texts of the speakers: theirs for the item first, then the own language, then the newest', () => {
    const list = [
        paper('none-en', { participant: 'd1', language: 'en' }),
        paper('item-en', { participant: 'd1', item: 'i1', language: 'en' }),
        paper('item-fr', { participant: 'd1', item: 'i1', language: 'fr' }),
        paper('newer-fr', { participant: 'd1', item: 'i1', language: 'fr', added_at: 2 }),
        paper('elsewhere', { participant: 'd1', item: 'i2' }),
        paper('next', { participant: 'd2' }),
        paper('paper', { kind: 'document', item: 'i1' }),
        paper('silent', { participant: 'd3' }),
    ];
    const ids = speechesOf(list, ['d2', 'd1'], 'i1', 'fr').map((one) => one.id);
    assert.deepEqual(ids, ['next', 'newer-fr', 'item-fr', 'item-en', 'none-en']);
});

test('without a current item only texts for none are shown', () => {
    const list = [paper('a', { participant: 'd1', item: 'i1' }), paper('b', { participant: 'd1' })];
    assert.deepEqual(
        speechesOf(list, ['d1'], '', 'en').map((one) => one.id),
        ['b'],
    );
});

test('what was released late stands where it was added', () => {
    const list = [paper('a', { added_at: 1 }), paper('c', { added_at: 3 }), paper('b', { added_at: 2 })];
    assert.deepEqual(
        documentsOf(list, '').map((one) => one.id),
        ['a', 'b', 'c'],
    );
});

test('what belongs to an item, and what to none', () => {
    const list = [paper('a', { item: 'i1' }), paper('b', {})];
    assert.deepEqual(
        documentsOf(list, 'i1').map((one) => one.id),
        ['a'],
    );
    assert.deepEqual(
        documentsOf(list, '').map((one) => one.id),
        ['b'],
    );
});

test('beside the speaker: the papers of the item, then those of the whole meeting, and no speech', () => {
    const list = [
        paper('glossary', { kind: 'document' }),
        paper('report', { kind: 'document', item: 'i1' }),
        paper('elsewhere', { kind: 'document', item: 'i2' }),
        paper('speech', { item: 'i1', participant: 'd1' }),
    ];
    const ids = (item: string) => papersOf(list, item).map((one) => one.id);
    assert.deepEqual(ids('i1'), ['report', 'glossary']);
    assert.deepEqual(ids(''), ['glossary']);
});
