import ts from 'typescript';
import { type House, isModule, type Module } from './tree.ts';

/** A house of these texts without any folder, for the laws that look at single files; imports are not resolved. */
export function houseOfTexts(texts: Readonly<Record<string, string>>): House {
  const modules = new Map<string, Module>();
  for (const [path, text] of Object.entries(texts)) {
    if (!isModule(path)) continue;
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    modules.set(path, { path, text, source, imports: [] });
  }
  return { files: Object.keys(texts), modules, read: (path) => texts[path] ?? '' };
}
