# A warehouse: packs every order that is put into the directory $1.
cd "$1" || exit
echo "the warehouse is open"
while [ -d "$1" ]; do
  for order in *.order; do
    name=${order%.order}
    [ -f "$order" ] && mv "$order" "$name.parcel" && echo "packed $name"
  done
  sleep 0.02
done
