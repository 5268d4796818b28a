import { useEffect, useRef, useState } from 'react';
import { Input, Label, SearchField } from 'react-aria-components';
import { useLocation } from 'wouter';

import { Icon } from '../parts/Icon';
import { paths } from '../paths';

const vulnerabilityId = /^(CVE|GHSA|GO|PYSEC|RUSTSEC|OSV|MAL|DSA|DLA|USN|ALSA|RLSA|RHSA|ALPINE|DEBIAN|UBUNTU)-[\w:.-]+$/i;

/** Goes to what a text names: a package URL, the id of a vulnerability, or else projects. */
export function Find() {
  const [text, setText] = useState('');
  const [, navigate] = useLocation();
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || target.closest('input, textarea, select, [contenteditable]')) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  const go = (value: string) => {
    const wanted = value.trim();
    if (!wanted) return;
    if (wanted.startsWith('pkg:')) navigate(paths.package(wanted));
    else if (vulnerabilityId.test(wanted)) navigate(paths.vulnerability(wanted));
    else navigate(paths.projectsLike(wanted));
    setText('');
  };

  return (
    <SearchField className="find" value={text} onChange={setText} onSubmit={go}>
      <Label className="hidden">Find a vulnerability by its id, a package by its purl, or a project by its name</Label>
      <Icon name="search" />
      <Input ref={input} placeholder="CVE-…, pkg:npm/…, or a project" />
      <kbd aria-hidden="true">/</kbd>
    </SearchField>
  );
}
