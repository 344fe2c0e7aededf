import { useEffect, useEffectEvent, useState } from 'react';
import { DRAGGED_ID } from '../grid/tile.tsx';
import { droppedFiles, type Found } from '../library/dropped-files.ts';
import { ImageIcon, UploadIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';

type DropTargetProps = {
  readonly onImage: (file: File) => void;
  readonly onLike: (id: string) => void;
  /** Absent where images can't be added. */
  readonly onUpload: ((found: Promise<Found>) => void) | undefined;
};

/** Takes images that are dropped or pasted anywhere on the page. */
export function DropTarget({ onImage, onLike, onUpload }: DropTargetProps) {
  const [dragging, setDragging] = useState(false);
  const [over, setOver] = useState<'search' | 'upload'>('search');
  const taken = useEffectEvent((data: DataTransfer, toLibrary: boolean) => {
    const id = data.getData(DRAGGED_ID);
    const files = [...data.files];
    const image = files.find(file => file.type.startsWith('image/')) ?? files[0];
    if (id) onLike(id);
    else if (toLibrary) onUpload?.(droppedFiles(data));
    else if (image) onImage(image);
  });

  useEffect(() => {
    let depth = 0;
    const relevant = (event: DragEvent) =>
      event.dataTransfer?.types.some(type => type === 'Files' || type === DRAGGED_ID) ?? false;
    const enter = (event: DragEvent) => {
      if (!relevant(event)) return;
      depth += 1;
      setDragging(true);
    };
    const leave = () => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setDragging(false);
    };
    const hover = (event: DragEvent) => {
      if (!relevant(event)) return;
      event.preventDefault();
      setOver(isUploadZone(event) ? 'upload' : 'search');
    };
    const drop = (event: DragEvent) => {
      depth = 0;
      setDragging(false);
      if (!relevant(event)) return;
      event.preventDefault();
      if (event.dataTransfer) taken(event.dataTransfer, isUploadZone(event));
    };
    const paste = (event: ClipboardEvent) => {
      const data = event.clipboardData;
      if (!data || ![...data.files].some(file => file.type.startsWith('image/'))) return;
      event.preventDefault();
      taken(data, false);
    };
    addEventListener('dragenter', enter);
    addEventListener('dragleave', leave);
    addEventListener('dragover', hover);
    addEventListener('drop', drop);
    addEventListener('paste', paste);
    return () => {
      removeEventListener('dragenter', enter);
      removeEventListener('dragleave', leave);
      removeEventListener('dragover', hover);
      removeEventListener('drop', drop);
      removeEventListener('paste', paste);
    };
  }, []);

  if (!dragging) return null;
  return (
    <div className="drop">
      <div className="drop-zone" data-zone="search" data-over={over === 'search' || undefined}>
        <ImageIcon />
        <strong>{t.dropSearch}</strong>
        <span>{t.dropSearchHint}</span>
      </div>
      {onUpload && (
        <div className="drop-zone drop-upload" data-zone="upload" data-over={over === 'upload' || undefined}>
          <UploadIcon />
          <strong>{t.dropUpload}</strong>
          <span>{t.dropUploadHint}</span>
        </div>
      )}
    </div>
  );
}

const isUploadZone = (event: DragEvent): boolean =>
  event.target instanceof Element && event.target.closest('[data-zone="upload"]') !== null;
