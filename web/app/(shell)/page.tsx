export default function HomePage() {
  return <h1 className="px-4 py-3 text-lg font-[650]">Home</h1>;
}
