import type { ReactNode } from 'react';

function Icon({ children }: { readonly children: ReactNode }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const SearchIcon = () => (
  <Icon>
    <circle cx="11" cy="11" r="6.5" />
    <path d="m16 16 4.5 4.5" />
  </Icon>
);
export const ImageIcon = () => (
  <Icon>
    <rect x="3.5" y="4.5" width="17" height="15" rx="3" />
    <circle cx="8.8" cy="9.8" r="1.6" />
    <path d="m4 17 4.7-4.2 3.3 2.9 3.9-3.9 4.4 4.3" />
  </Icon>
);
export const CloseIcon = () => (
  <Icon>
    <path d="m6 6 12 12M18 6 6 18" />
  </Icon>
);
export const FilterIcon = () => (
  <Icon>
    <path d="M4 7h9m5 0h2M4 17h2m5 0h9M15.5 4.7v4.6M8.5 14.7v4.6" />
  </Icon>
);
export const UploadIcon = () => (
  <Icon>
    <path d="M12 15.5V4.5m0 0L7.8 8.7M12 4.5l4.2 4.2M4.5 15v2.5a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2V15" />
  </Icon>
);
export const DownloadIcon = () => (
  <Icon>
    <path d="M12 4.5v11m0 0 4.2-4.2M12 15.5l-4.2-4.2M4.5 15v2.5a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2V15" />
  </Icon>
);
export const MoreIcon = () => (
  <Icon>
    <circle cx="5.5" cy="12" r=".9" fill="currentColor" />
    <circle cx="12" cy="12" r=".9" fill="currentColor" />
    <circle cx="18.5" cy="12" r=".9" fill="currentColor" />
  </Icon>
);
export const SimilarIcon = () => (
  <Icon>
    <circle cx="9.2" cy="12" r="5.7" />
    <circle cx="14.8" cy="12" r="5.7" />
  </Icon>
);
export const StarIcon = () => (
  <Icon>
    <path className="star-shape" d="m12 3.8 2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z" />
  </Icon>
);
export const ShuffleIcon = () => (
  <Icon>
    <path d="M4 7h2.6c1.4 0 2.7.7 3.5 1.8l3.8 5.4A4.3 4.3 0 0 0 17.4 16H20m0 0-2.6-2.6M20 16l-2.6 2.6M4 16h2.6c1 0 2-.4 2.7-1M20 7h-2.6c-1 0-2 .4-2.7 1M20 7l-2.6-2.6M20 7l-2.6 2.6" />
  </Icon>
);
export const LeftIcon = () => (
  <Icon>
    <path d="m14.5 5-7 7 7 7" />
  </Icon>
);
export const RightIcon = () => (
  <Icon>
    <path d="m9.5 5 7 7-7 7" />
  </Icon>
);
export const TrashIcon = () => (
  <Icon>
    <path d="M4.5 7h15M9.5 7V5.2c0-.7.5-1.2 1.2-1.2h2.6c.7 0 1.2.5 1.2 1.2V7m-8 0 .8 11.2c.1 1 .9 1.8 2 1.8h5.4c1 0 1.9-.8 2-1.8L17.5 7" />
  </Icon>
);
export const PlusIcon = () => (
  <Icon>
    <path d="M12 5v14M5 12h14" />
  </Icon>
);
export const LinkIcon = () => (
  <Icon>
    <path d="M10 14a3.8 3.8 0 0 0 5.4 0l3.1-3.1a3.8 3.8 0 0 0-5.4-5.4L12 6.6M14 10a3.8 3.8 0 0 0-5.4 0l-3.1 3.1a3.8 3.8 0 0 0 5.4 5.4l1.1-1.1" />
  </Icon>
);
export const CheckIcon = () => (
  <Icon>
    <path d="m5 12.5 4.5 4.5L19 7.5" />
  </Icon>
);
export const AlertIcon = () => (
  <Icon>
    <path d="M12 4 3.5 19h17z" />
    <path d="M12 10v4.2m0 2.3v.1" />
  </Icon>
);

/** Two likenesses that overlap: the product's mark. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <circle cx="12" cy="16" r="8" className="mark-near" />
      <circle cx="20" cy="16" r="8" className="mark-far" />
    </svg>
  );
}
export const ClockIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="8.2" />
    <path d="M12 7.4V12l3 2" />
  </Icon>
);
export const AlbumIcon = () => (
  <Icon>
    <rect x="3.5" y="7.5" width="17" height="12.5" rx="2.5" />
    <path d="M6 4.8h12" />
  </Icon>
);
export const MapIcon = () => (
  <Icon>
    <circle cx="7" cy="8" r="2.4" />
    <circle cx="16.5" cy="6.8" r="1.7" />
    <circle cx="15.5" cy="16" r="2.9" />
    <circle cx="6.5" cy="16.8" r="1.5" />
  </Icon>
);
export const CopiesIcon = () => (
  <Icon>
    <rect x="8" y="8" width="12" height="12" rx="2.5" />
    <path d="M16 4.8H7A2.2 2.2 0 0 0 4.8 7v9" />
  </Icon>
);
export const TagIcon = () => (
  <Icon>
    <path d="M4.2 11.6V5.4c0-.7.5-1.2 1.2-1.2h6.2l8 8a1.4 1.4 0 0 1 0 2l-5.4 5.4a1.4 1.4 0 0 1-2 0z" />
    <circle cx="8.4" cy="8.4" r="1.1" />
  </Icon>
);
export const UnlikeIcon = () => (
  <Icon>
    <circle cx="9.5" cy="12" r="5.6" />
    <path d="M17 12h4.4" />
  </Icon>
);
export const KeepIcon = () => (
  <Icon>
    <path d="M7 4.5h10v15l-5-3.6-5 3.6z" />
  </Icon>
);
export const RegionIcon = () => (
  <Icon>
    <path d="M4.5 8V6A1.5 1.5 0 0 1 6 4.5h2M16 4.5h2A1.5 1.5 0 0 1 19.5 6v2M19.5 16v2a1.5 1.5 0 0 1-1.5 1.5h-2M8 19.5H6A1.5 1.5 0 0 1 4.5 18v-2" />
    <circle cx="12" cy="12" r="3" />
  </Icon>
);
export const PinIcon = () => (
  <Icon>
    <path className="star-shape" d="M9 4h6l-1 5.5 3 3H7l3-3z" />
    <path d="M12 12.5V20" />
  </Icon>
);
export const MinusIcon = () => (
  <Icon>
    <path d="M5 12h14" />
  </Icon>
);
export const WholeIcon = () => (
  <Icon>
    <path d="M4.5 9V4.5H9M15 4.5h4.5V9M19.5 15v4.5H15M9 19.5H4.5V15" />
  </Icon>
);
export const LassoIcon = () => (
  <Icon>
    <path d="M7.5 15.6C5.300 14.600 4 12.900 4 11c0-3.300 3.600-6 8-6s8 2.700 8 6-3.600 6-8 6c-1.200 0-2.400-.2-3.400-.6" />
    <circle cx="8" cy="17" r="1.700" />
    <path d="M8 18.700c0 1-.6 1.800-1.600 2.300" />
  </Icon>
);
export const TurnIcon = () => (
  <Icon>
    <path d="M19 12a7 7 0 1 1-2.2-5.1L19 9" />
    <path d="M19 4.5V9h-4.5" />
  </Icon>
);
export const PlayIcon = () => (
  <Icon>
    <path d="M8 5.5v13l10.5-6.5z" />
  </Icon>
);
export const PauseIcon = () => (
  <Icon>
    <path d="M8.5 5.5v13M15.5 5.5v13" />
  </Icon>
);
export const FullScreenIcon = () => (
  <Icon>
    <path d="M4.5 9.5v-5h5M14.5 4.5h5v5M19.5 14.5v5h-5M9.5 19.5h-5v-5" />
  </Icon>
);
export const WordsIcon = () => (
  <Icon>
    <path d="M5 8V5.5h14V8M12 5.5v13M9.5 18.5h5" />
  </Icon>
);
export const CopyIcon = () => (
  <Icon>
    <rect x="8.5" y="8.5" width="11" height="11" rx="2.2" />
    <path d="M15.5 5.5v-.3A1.7 1.7 0 0 0 13.8 3.5H6.2A2.7 2.7 0 0 0 3.5 6.2v7.6c0 .94.76 1.7 1.7 1.7h.3" />
  </Icon>
);
export const ShareIcon = () => (
  <Icon>
    <circle cx="6.5" cy="12" r="2.3" />
    <circle cx="17" cy="6" r="2.3" />
    <circle cx="17" cy="18" r="2.3" />
    <path d="m8.6 10.9 6.3-3.7M8.6 13.1l6.3 3.7" />
  </Icon>
);
