// Put the files of a pack, whose form packing.py describes, into Python's file system.
export const unpack = (FS, bytes) => {
  const end = bytes.indexOf(10);
  const folders = new Set();
  let at = end + 1;
  for (const [path, size] of JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)))) {
    const folder = `/${path.slice(0, path.lastIndexOf("/"))}`;
    if (!folders.has(folder)) FS.mkdirTree(folder);
    folders.add(folder);
    FS.writeFile(`/${path}`, bytes.subarray(at, (at += size)), { canOwn: true });
  }
};
